package esiastand;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The time of both servers of a world, moved together; what falls due on the way happens before the answer. */
public final class Clock {
  private final List<Control> servers;

  Clock(List<Control> servers) {
    this.servers = servers;
  }

  /** Now, by the world's clock. */
  public Instant now() {
    return Instant.parse(servers.get(0).call(Call.CLOCK, Control.Sent.NOTHING).get("now").asText());
  }

  /** Lets time pass: {@code "15m"}, {@code "5days"}, {@code "1h 30m"}. Answers with the new time. */
  public Instant advance(String by) {
    return move(Map.of("advance", by));
  }

  /** Lets so many working days of the Russian production calendar pass, to the same time of day in Moscow. */
  public Instant advanceWorkingDays(int days) {
    return move(Map.of("advance-working-days", days));
  }

  /** Goes on to an instant. */
  public Instant to(Instant when) {
    return move(Map.of("to", when.toString()));
  }

  /** Stops it, at both servers at one instant: the next whole second. */
  public Instant freeze() {
    Instant latest = Instant.MIN;
    for (Control server : servers) {
      Instant stopped = ordered(server, Map.of("mode", "frozen"));
      if (stopped.isAfter(latest)) latest = stopped;
    }
    return to(latest.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
  }

  /** Lets it run on from where it stands. */
  public Instant run() {
    return move(Map.of("mode", "running"));
  }

  private Instant move(Map<String, ?> order) {
    return servers.stream().map(server -> ordered(server, order)).toList().get(0);
  }

  private static Instant ordered(Control server, Map<String, ?> order) {
    return Instant.parse(server.call(Call.MOVE_CLOCK, Control.Sent.body(order)).get("now").asText());
  }
}
