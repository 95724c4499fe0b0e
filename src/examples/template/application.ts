/** The application: what it is made of, and what runs when it starts. Begin here. */
import { Application, defineApplication, Supervisor } from "moebi";
import { Greeter } from "./greeter.ts";

export default defineApplication({
  name: "hello",
  description: "Greets whoever asks",
  // What holds where config.ts says nothing else.
  env: { greeting: "Hello" },
  start: () =>
    Supervisor.startLink([[Greeter, Application.fetchEnv("hello", "greeting")]], {
      strategy: "oneForOne",
      name: "Hello.Supervisor",
    }),
});
