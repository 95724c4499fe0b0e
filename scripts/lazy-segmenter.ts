/**
 * `Intl.Segmenter` in what is bundled. Most packages of a terminal make one as they are loaded; the first costs some ten
 * milliseconds and three megabytes, and is of no use for text in which nothing joins what stands before it. Here one is
 * made at the first text that needs it.
 */

// ASCII, Latin, dashes and quotes, arrows, box drawing: each is a grapheme of its own. Not "\r", which "\n" joins.

const UNJOINED = /^[\0-\x0c\x0e-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u257f]*$/;

type Found = Pick<Intl.Segments, "containing"> & Iterable<Intl.SegmentData>;

export class LazySegmenter {
  readonly #options: ConstructorParameters<typeof Intl.Segmenter>;
  #segmenter: Intl.Segmenter | undefined;

  /** What `Intl.Segmenter` takes. */
  constructor(...options: ConstructorParameters<typeof Intl.Segmenter>) {
    this.#options = options;
  }

  /** The segments of a text, in order. */
  segment(text: string): Found {
    if ((this.#options[1]?.granularity ?? "grapheme") === "grapheme" && UNJOINED.test(text)) {
      const segments = Array.from(text, (segment, index): Intl.SegmentData => ({ segment, index, input: text }));
      return Object.assign(segments, { containing: (index = 0) => segments[index] as Intl.SegmentData });
    }
    // Of the global object, so that the build does not put this class here as well.
    this.#segmenter ??= new globalThis.Intl.Segmenter(...this.#options);
    return this.#segmenter.segment(text);
  }
}
