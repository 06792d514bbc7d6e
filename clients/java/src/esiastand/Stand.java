package esiastand;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Both servers of a stand that is running. */
public final class Stand implements AutoCloseable {
  private final List<Control> servers = new ArrayList<>();
  private final Program program;

  private Stand(String idp, String diary, String token, String ca, Program program) {
    servers.add(new Control(Server.IDP, idp, token, ca));
    if (diary != null) servers.add(new Control(Server.DIARY, diary, token, ca));
    this.program = program;
  }

  /**
   * The stand that {@code ESIA_STAND_URL} names (with {@code ESIA_STAND_DIARY}, {@code ESIA_STAND_CONTROL_TOKEN},
   * {@code ESIA_STAND_CA}), else one that is started on free ports with the arguments of {@code ESIA_STAND_ARGS}.
   */
  public static Stand open() {
    return open(System.getenv());
  }

  static Stand open(Map<String, String> environment) {
    Map<String, String> told = new HashMap<>(environment);
    told.values().removeIf(String::isBlank);
    String token = told.get("ESIA_STAND_CONTROL_TOKEN");
    if (told.containsKey("ESIA_STAND_URL")) {
      return new Stand(told.get("ESIA_STAND_URL"), told.get("ESIA_STAND_DIARY"), token, told.get("ESIA_STAND_CA"), null);
    }
    String arguments = told.getOrDefault("ESIA_STAND_ARGS", "");
    Program program = Program.start(told, arguments.isEmpty() ? List.of() : List.of(arguments.strip().split("\\s+")));
    JsonNode ready = program.ready();
    String ca = ready.path("ca_file").asText(null);
    return new Stand(ready.get("idp").asText(), ready.get("diary").asText(), token, ca, program);
  }

  /** The control API of Gosuslugi and, where it is known, of the diary. */
  public List<Control> servers() {
    return List.copyOf(servers);
  }

  /** A copy of the world {@code main}: people, consents and registered systems come along, sessions and tokens do not. */
  public World fork() {
    return fork("main", newName(""));
  }

  /** A copy of a world under a name. */
  public World fork(String of, String name) {
    return everywhere(name, Call.FORK, new Control.Sent(Map.of("name", of), Map.of("name", name), Map.of()));
  }

  /** A world from a seed: the name of a documented one, or a document (a map, or a tree of Jackson). */
  public World make(Object seed, String name) {
    return everywhere(name, Call.MAKE, Control.Sent.body(Map.of("name", name, "seed", seed)));
  }

  /** Ends it, if it was started here. */
  @Override
  public void close() {
    if (program != null) program.close();
  }

  private World everywhere(String name, Call made, Control.Sent sent) {
    List<Control> done = new ArrayList<>();
    try {
      for (Control server : servers) done.add(server.within(server.call(made, sent).get("url").asText()));
    } catch (RuntimeException error) {
      if (!done.isEmpty()) new World(name, done).close();
      throw error;
    }
    return new World(name, done);
  }

  /** A name that no other world has, with as much of a text as a name can hold; at a shared stand it begins with {@code ESIA_STAND_TEAM}. */
  static String newName(String about) {
    String told = System.getenv().getOrDefault("ESIA_STAND_TEAM", "") + "-" + about;
    String slug = told.toLowerCase().replaceAll("[^a-z0-9]+", "-").replaceAll("^-", "");
    slug = slug.substring(0, Math.min(slug.length(), 40)).replaceAll("-$", "");
    return (slug.isEmpty() ? "t" : slug) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
