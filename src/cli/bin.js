#!/usr/bin/env node
// The first file to run, in a syntax that the oldest Node which can open it still parses: one too old for the rest
// must say so, and not fail with a syntax error from the middle of a bundle.
var required = 22;
var running = Number(process.versions.node.split(".")[0]);

if (running < required) {
  console.error(
    "moebi needs Node " +
      required +
      " or newer, and this is Node " +
      process.versions.node +
      ". Install a newer one from https://nodejs.org",
  );
  process.exitCode = 1;
} else {
  Promise.all([import("node:module"), import("node:os"), import("node:path")])
    .then(function (modules) {
      // Compiled code is read back without a proof of who wrote it, so it is kept in the user's own folder: Node's
      // default is below the temporary folder, which every user of the machine can write to.
      var cache = process.env.XDG_CACHE_HOME || modules[2].join(modules[1].homedir(), ".cache");
      modules[0].enableCompileCache(modules[2].join(cache, "moebi", "compile"));
      // Node writes it as the program ends, and not at all if it is killed. By this time the prompt is long there.
      if (modules[0].flushCompileCache) setTimeout(modules[0].flushCompileCache, 3000).unref();
      return import("../cli/main.js");
    })
    .then(function (cli) {
      return cli.main(process.argv.slice(2));
    })
    .catch(function (error) {
      console.error(error);
      process.exitCode = 1;
    });
}
