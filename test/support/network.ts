/** Whether clusters run over real sockets, where time can't be set nor a way be cut: for the tests that do so. */
export const realTime: boolean = process.env["MOEBI_NETWORK"] === "websocket";
