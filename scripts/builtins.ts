/**
 * Node's own modules, without the wrapping that an `import` of them costs: for an ES module Node reads every property of
 * the module, among them the lazy ones that load more (crypto's WebCrypto, for one). Here only the names used are read.
 */
import { builtinModules } from "node:module";
import type { Plugin } from "esbuild";

const namespace = "builtin";

/** Whether an exported name is one that `export const` can have. */
function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "default";
}

export const bareBuiltins: Plugin = {
  name: "bare-builtins",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^(node:)?(${builtinModules.join("|")})$`) }, ({ path, kind }) =>
      kind === "import-statement" ? { path: path.replace(/^node:/, ""), namespace, sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter(isIdentifier);
      // Pure, so that names nobody uses are left out of the bundle.
      const lines = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => module.${name})();`);
      return {
        contents: `const module = require(${JSON.stringify(`node:${path}`)});\nexport default module;\n${lines.join("\n")}`,
        loader: "js",
      };
    });
  },
};
