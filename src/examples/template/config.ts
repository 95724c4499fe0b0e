/** Settings, read by `moebi --config ./config.ts`. What `config.prod.ts` says goes on top where MOEBI_ENV is prod. */
export default ({ env }: { readonly env: "dev" | "test" | "prod" }) => ({
  hello: { greeting: env === "prod" ? "Good day" : "Hi" },
});
