package esiastand;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Refused requests and the timeline of the world of a failed test; it stands among what that test's failure suppresses. */
public final class Story extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LINES = 60;
  private static final int VERDICTS = 10;
  private static final DateTimeFormatter MOSCOW =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Europe/Moscow"));

  private Story(String told) {
    super(told, null, false, false);
  }

  static Story of(World world) {
    try {
      return new Story("world " + world.name() + "\n" + "Gosuslugi of this world: " + world.url() + "/\n\n" + verdicts(world) + timeline(world));
    } catch (ControlException error) {
      return new Story("the story of the world " + world.name() + " cannot be had: " + error.getMessage());
    }
  }

  private static String verdicts(World world) {
    List<Verdicts.Verdict> failed = world.verdicts().failed();
    StringBuilder told = new StringBuilder("failed verdicts: ").append(failed.size()).append("\n");
    failed.stream().limit(VERDICTS).forEach(verdict -> told.append(verdict.toString().indent(2)));
    if (failed.size() > VERDICTS) told.append("  … ").append(failed.size() - VERDICTS).append(" more\n");
    return told.toString();
  }

  private static String timeline(World world) {
    List<World.Line> lines = world.timeline();
    int before = Math.max(0, lines.size() - LINES);
    StringBuilder told = new StringBuilder("\ntimeline (Moscow time):\n");
    if (before > 0) told.append("  … ").append(before).append(" before\n");
    for (World.Line line : lines.subList(before, lines.size())) {
      String request = line.request() == 0 ? "" : "  [request " + line.request() + "]";
      told.append("  %s  %-9s  %s%s%n".formatted(MOSCOW.format(line.at()), line.server().title, line.text(), request));
    }
    return told.toString();
  }
}
