package esiastand;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the servers think of the requests that they got in a world. */
public final class Verdicts {
  private static final String REQUEST_HEADER = "X-Esia-Stand-Request";

  private final List<Control> servers;

  Verdicts(List<Control> servers) {
    this.servers = servers;
  }

  /**
   * One check of a request.
   *
   * @param rule stable name, as {@code client-signature}
   * @param source where the rule stands
   * @param outcome {@code passed}, {@code failed} or {@code tolerated}
   * @param expected what the rule wants, in Russian
   * @param got what the request had
   * @param error code that ЕСИА answers with, or {@code null}
   * @param mistakes known mistakes that explain it: {@code esia-stand mistakes NAME} tells how to mend them
   */
  public record Check(
      String rule, String source, String outcome, String expected, String got, String error, List<String> mistakes) {}

  /**
   * A request with its checks.
   *
   * @param server who got it
   * @param id what {@code X-Esia-Stand-Request} carries
   * @param at when, by the world's clock
   * @param method method of HTTP
   * @param target path and query, inside the world
   * @param status of the answer, 0 where there was none
   * @param client {@code client_id} where the request named one, or {@code null}
   * @param checks each check
   * @param page shows it in full
   */
  public record Verdict(
      Server server, long id, Instant at, String method, String target, int status, String client, List<Check> checks,
      String page) {

    /** Checks that refused the request, or ({@code tolerated}) that a strict provider would have refused it by. */
    public List<Check> with(String outcome) {
      return checks.stream().filter(check -> check.outcome().equals(outcome)).toList();
    }

    @Override
    public String toString() {
      StringBuilder told = new StringBuilder("%s %s → %d (%s)".formatted(method, target, status, page));
      for (Check check : checks) {
        if (check.outcome().equals("passed")) continue;
        String code = check.error() == null ? "" : " " + check.error();
        told.append("\n  %s %s%s (%s)".formatted(check.outcome(), check.rule(), code, check.source()));
        told.append("\n    expected: ").append(check.expected()).append("\n    got:      ").append(check.got());
        check.mistakes().forEach(mistake -> told.append("\n    mistake:  ").append(mistake));
      }
      return told.toString();
    }
  }

  /** Requests that were refused, oldest first. */
  public List<Verdict> failed() {
    return all(null, "failed");
  }

  /**
   * Oldest first.
   *
   * @param client {@code client_id} of the requests, or {@code null}
   * @param verdict {@code failed}, {@code tolerated}, {@code ok}, {@code none}, a rule or a mistake, or {@code null}
   */
  public List<Verdict> all(String client, String verdict) {
    Map<String, Object> query = new HashMap<>(Map.of("limit", 500));
    if (client != null) query.put("client", client);
    if (verdict != null) query.put("verdict", verdict);
    List<Verdict> found = new ArrayList<>();
    for (Control server : servers) {
      for (JsonNode entry : server.call(Call.REQUESTS, Control.Sent.query(query))) found.add(verdict(server, entry));
    }
    found.sort(Comparator.comparing(Verdict::at));
    return found;
  }

  /** The verdict of an answer, by its number. */
  public Verdict of(HttpResponse<?> answer) {
    String address = answer.uri().toString();
    String id =
        answer.headers().firstValue(REQUEST_HEADER)
            .orElseThrow(() -> new IllegalArgumentException(address + " answered without " + REQUEST_HEADER));
    for (Control server : servers) {
      if (address.startsWith(server.url() + "/")) return verdict(server, server.call(Call.REQUEST, Control.Sent.part("id", id)));
    }
    throw new IllegalArgumentException(address + " is not of this world: " + servers.stream().map(Control::url).toList());
  }

  private static Verdict verdict(Control server, JsonNode entry) {
    List<Check> checks = new ArrayList<>();
    for (JsonNode check : entry.path("verdict")) {
      List<String> mistakes = new ArrayList<>();
      check.path("mistakes").forEach(mistake -> mistakes.add(mistake.asText()));
      checks.add(
          new Check(
              check.get("rule").asText(), check.path("source").asText(), check.get("outcome").asText(),
              check.path("expected").asText(), check.path("got").asText(), check.path("error").asText(null), mistakes));
    }
    long id = entry.get("id").asLong();
    return new Verdict(
        server.server(), id, Instant.parse(entry.get("at").asText()), entry.get("method").asText(), entry.get("target").asText(),
        entry.path("status").asInt(), entry.path("client").asText(null), checks, server.url() + "/control/console/requests/" + id);
  }
}
