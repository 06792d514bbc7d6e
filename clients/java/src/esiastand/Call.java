package esiastand;

import java.util.List;

/**
 * One operation of the control API. {@link Control} sends nothing else and hands on nothing else, and a test holds these against the
 * OpenAPI document of the program.
 *
 * @param method method of HTTP
 * @param path as the document writes it, with parameters in braces
 * @param sends fields of the body
 * @param asks parameters of the query
 * @param reads fields of the answer, or of each of its items; none: the answer is not read
 * @param idpOnly whether the diary does not have it
 * @param opaque whether the document says no more than "an object" about the answer
 */
record Call(
    String method, String path, List<String> sends, List<String> asks, List<String> reads, boolean idpOnly, boolean opaque) {

  static final Call FORK = of("POST", "/control/worlds/{name}/fork").sending("name").reading("url");
  static final Call MAKE = of("POST", "/control/worlds").sending("name seed").reading("url");
  static final Call DROP = of("DELETE", "/control/worlds/{name}");
  static final Call RESET = of("POST", "/control/worlds/{name}/reset").reading("url");
  static final Call CLOCK = of("GET", "/control/clock").reading("now");
  static final Call MOVE_CLOCK =
      of("POST", "/control/clock").sending("advance advance-working-days to mode").reading("now");
  static final Call PEOPLE = of("GET", "/control/people").reading("key name about login password contacts oid");
  static final Call OPEN_SESSION = of("POST", "/control/people/{key}/session").reading("session link link_expires_at");
  static final Call OUTBOX = of("GET", "/control/outbox").reading("seq at channel to subject text link");
  static final Call FAULTS = of("GET", "/control/faults").reading("number fault parameters left").atIdp();
  static final Call SET_FAULT =
      of("POST", "/control/faults")
          .sending("fault parameters requests client person until")
          .reading("number fault parameters left")
          .atIdp();
  static final Call LIFT_FAULT = of("DELETE", "/control/faults/{number}").atIdp();
  static final Call LIFT_FAULTS = of("DELETE", "/control/faults").atIdp();
  static final Call TIMELINE = of("GET", "/control/timeline").asking("after limit").reading("seq at recorded_at text request");
  static final Call REQUESTS =
      of("GET", "/control/requests")
          .asking("client verdict limit")
          .reading("id at method target status client verdict")
          .withOpaqueAnswer();
  static final Call REQUEST =
      of("GET", "/control/requests/{id}").reading("id at method target status client verdict").withOpaqueAnswer();
  static final Call REGISTER =
      of("PUT", "/control/clients/{mnemonic}")
          .sending("mnemonic title organisation scopes redirect-domains certificates oidc esia")
          .reading("mnemonic title")
          .atIdp();

  /** All of them. */
  static final List<Call> ALL =
      List.of(
          FORK, MAKE, DROP, RESET, CLOCK, MOVE_CLOCK, PEOPLE, OPEN_SESSION, OUTBOX, FAULTS, SET_FAULT, LIFT_FAULT, LIFT_FAULTS,
          TIMELINE, REQUESTS, REQUEST, REGISTER);

  static Call of(String method, String path) {
    return new Call(method, path, List.of(), List.of(), List.of(), false, false);
  }

  Call sending(String names) {
    return new Call(method, path, List.of(names.split(" ")), asks, reads, idpOnly, opaque);
  }

  Call asking(String names) {
    return new Call(method, path, sends, List.of(names.split(" ")), reads, idpOnly, opaque);
  }

  Call reading(String names) {
    return new Call(method, path, sends, asks, List.of(names.split(" ")), idpOnly, opaque);
  }

  Call atIdp() {
    return new Call(method, path, sends, asks, reads, true, opaque);
  }

  Call withOpaqueAnswer() {
    return new Call(method, path, sends, asks, reads, idpOnly, true);
  }
}
