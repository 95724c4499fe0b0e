/**
 * The first byte of every term. Below 0x80 a tag holds a small number besides: an integer, a length, an index.
 * Multi-byte numbers are little-endian.
 */
export const Tag = {
  /** 0x00 to 0x3f: the integer itself. */
  INT_MAX: 0x3f,
  /** 0x40 to 0x5f: ASCII of 0 to 31 characters. */
  STR: 0x40,
  /** 0x60 to 0x6f: an array of 0 to 15 elements. */
  ARRAY: 0x60,
  /** 0x70 to 0x7f: a plain object whose keys were written before in this message, as shape 0 to 15. */
  SHAPE: 0x70,

  UNDEFINED: 0x80,
  NULL: 0x81,
  TRUE: 0x82,
  FALSE: 0x83,
  /** An absent element; inside arrays only. */
  HOLE: 0x84,
  INT: 0x85,
  FLOAT: 0x86,
  BIGINT: 0x87,
  STR8: 0x88,
  STR32: 0x89,
  STR16: 0x8a,

  ARRAY_LONG: 0x90,
  /** With named elements after the numbered ones: what `RegExp.exec` returns. */
  ARRAY_NAMED: 0x91,
  SHAPE_LONG: 0x92,
  /** Keys and values of an object; the keys become the message's next shape. */
  OBJECT_NEW: 0x93,
  /** Key, value, key, value, … */
  OBJECT: 0x94,
  OBJECT_NULL: 0x95,
  MAP: 0x96,
  SET: 0x97,
  /** An object that was there before in this message. */
  AGAIN: 0x98,
  /** An empty container whose contents come after the term that holds it: how nesting stays off the stack. */
  LATER: 0x99,

  DATE: 0xa0,
  REGEXP: 0xa1,
  BUFFER: 0xa2,
  ARRAY_BUFFER: 0xa3,
  /** A view of all of a buffer that nothing before mentioned. */
  VIEW: 0xa4,
  /** A view of part of a buffer, or of one mentioned before. */
  VIEW_OF: 0xa5,
  BOXED: 0xa6,
  ERROR: 0xa7,
  FUNCTION: 0xa8,
  MODULE: 0xa9,
  STRUCT: 0xaa,

  /** Of the node that writes, of the node that reads, of any; in this life of theirs unless it is the last. */
  PID_WRITER: 0xb0,
  PID_READER: 0xb1,
  PID_WRITER_SERIAL: 0xb2,
  PID_READER_SERIAL: 0xb3,
  PID: 0xb4,
  REF_WRITER: 0xb5,
  REF_READER: 0xb6,
  REF: 0xb7,
} as const;

/** Levels of nesting that are written in place, and so the depth of recursion on both sides; deeper ones come later. */
export const INLINE_DEPTH = 200;
/** Objects with more keys than this repeat them every time. */
export const SHAPE_KEYS = 32;
/** Shapes a message can name; objects of further ones repeat their keys. */
export const SHAPES = 64;

export const DEFAULT_MAX_DEPTH = 10_000;
export const DEFAULT_MAX_BYTES = 128 * 1024 * 1024;

/** What a view is made with; its place here is its number on the wire, so new ones go at the end. */
export const VIEWS: readonly string[] = [
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
];

/** How many levels further structs may hold structs: they cannot be made empty and filled later. */
export const STRUCT_DEPTH = 50;
