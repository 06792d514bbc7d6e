package esiastand;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A world of the stand: what is done in it is seen in no other. Closing drops it. */
public final class World implements AutoCloseable {
  private static final int PAGE = 1000;

  private final String name;
  private final List<Control> servers;

  World(String name, List<Control> servers) {
    this.name = name;
    this.servers = servers;
  }

  /** Its name in addresses. */
  public String name() {
    return name;
  }

  /** The address of Gosuslugi in this world: base URL of ЕСИА's protocol, issuer of OpenID Connect. */
  public String url() {
    return server(Server.IDP).url();
  }

  /** The control API at one of both servers. */
  public Control server(Server wanted) {
    for (Control server : servers) if (server.server() == wanted) return server;
    throw new IllegalStateException("the stand was named without its diary: set ESIA_STAND_DIARY beside ESIA_STAND_URL");
  }

  List<Control> servers() {
    return servers;
  }

  /** The time of both servers. */
  public Clock clock() {
    return new Clock(servers);
  }

  /** Letters and SMS of both servers. */
  public Outbox outbox() {
    return new Outbox(servers);
  }

  /** What Gosuslugi do wrong on purpose. */
  public Faults faults() {
    return new Faults(server(Server.IDP));
  }

  /** What the servers think of requests. */
  public Verdicts verdicts() {
    return new Verdicts(servers);
  }

  /** Somebody of the world by the key in its seed, as {@code анна}, or by the login. */
  public Person person(String key) {
    return new Person(this, key);
  }

  /** Registers a client system; fields are those of {@code PUT /control/clients/{mnemonic}}. Answers with its client_id. */
  public String register(String mnemonic, Map<String, ?> registration) {
    Map<String, Object> body = new HashMap<>(Map.of("mnemonic", mnemonic, "title", mnemonic, "organisation", mnemonic));
    body.putAll(registration);
    server(Server.IDP).call(Call.REGISTER, new Control.Sent(Map.of("mnemonic", mnemonic), body, Map.of()));
    return mnemonic;
  }

  /**
   * One thing that has happened.
   *
   * @param server where
   * @param at when, by the world's clock
   * @param recordedAt when, by the machine's clock; of the world's last events
   * @param seq 1, 2, 3, … at that server
   * @param text one Russian sentence
   * @param request the request that it was decided for, 0 where there is none
   */
  public record Line(Server server, Instant at, Instant recordedAt, long seq, String text, long request) {}

  /** What has happened at both servers, oldest first. */
  public List<Line> timeline() {
    List<Line> all = new ArrayList<>();
    for (Control server : servers) {
      JsonNode page;
      long after = 0;
      do {
        page = server.call(Call.TIMELINE, Control.Sent.query(Map.of("after", after, "limit", PAGE)));
        for (JsonNode line : page) {
          after = line.get("seq").asLong();
          Instant at = Instant.parse(line.get("at").asText());
          Instant recordedAt = line.hasNonNull("recorded_at") ? Instant.parse(line.get("recorded_at").asText()) : Instant.MIN;
          all.add(new Line(server.server(), at, recordedAt, after, line.get("text").asText(), line.path("request").asLong()));
        }
      } while (page.size() == PAGE);
    }
    all.sort(Comparator.comparing(Line::at).thenComparing(Line::recordedAt));
    return all;
  }

  /** Begins it anew from its seed. */
  public void reset() {
    for (Control server : servers) root(server).call(Call.RESET, Control.Sent.part("name", name));
  }

  /** Drops it at both servers; one that is gone already is none to complain of. */
  @Override
  public void close() {
    for (Control server : servers) {
      try {
        root(server).call(Call.DROP, Control.Sent.part("name", name));
      } catch (ControlException refused) {
        if (refused.status() != 404) throw refused;
      }
    }
  }

  private Control root(Control server) {
    String path = "/w/" + name;
    return server.url().endsWith(path) ? server.within(server.url().substring(0, server.url().length() - path.length())) : server;
  }

  @Override
  public String toString() {
    return "World " + name + " at " + servers.get(0).url();
  }
}
