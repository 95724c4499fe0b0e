import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const typeChecked = {
  // A promise that nobody holds loses its error, or outlives its process.
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/no-misused-promises": "error",
  "@typescript-eslint/await-thenable": "error",
  // A stack that starts at the caller, also when the promise is returned from a try block.
  "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
  // Signals, states and frames are unions: a new member must be handled everywhere.
  "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  "@typescript-eslint/no-unnecessary-type-assertion": "error",
  "@typescript-eslint/no-base-to-string": "error",
  "@typescript-eslint/no-for-in-array": "error",
  "@typescript-eslint/no-deprecated": "error",
  "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { boolean: true, string: true } }],
};

const syntactic = {
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/no-unused-expressions": "error",
  "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": "allow-with-description" }],
  eqeqeq: "error",
  "no-var": "error",
  "prefer-const": "error",
  "no-constant-binary-expression": "error",
  "no-fallthrough": "error",
  "no-self-compare": "error",
  "no-unmodified-loop-condition": "error",
  "no-unsafe-finally": "error",
  "no-restricted-syntax": [
    "error",
    {
      selector: "ExportAllDeclaration",
      message: "Write the names out: an index is the list of what is public",
    },
  ],
};

export default defineConfig(
  { ignores: ["dist/", "node_modules/", "coverage/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts", "**/*.tsx"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: { ...syntactic, ...typeChecked },
  },
  {
    // What came back from afar is looked into without ceremony. Rules that know types took longer here than all tests:
    // what vitest and fast-check infer is costly, and tsc has read it already.
    files: ["test/**"],
    languageOptions: { parserOptions: { project: null } },
    rules: {
      ...Object.fromEntries(Object.keys(typeChecked).map((rule) => [rule, "off"])),
      "@typescript-eslint/no-explicit-any": "off",
    },
  },
  {
    // The entry keeps to a syntax that Nodes too old for the rest can parse.
    files: ["src/cli/bin.js"],
    languageOptions: {
      ecmaVersion: 2020,
      globals: { process: "readonly", console: "readonly", setTimeout: "readonly" },
    },
    rules: { "no-undef": "error", "no-unused-vars": "error" },
  },
);
