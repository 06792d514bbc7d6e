package esiastand;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Somebody of a world. */
public final class Person {
  private final World world;
  private final String key;

  Person(World world, String key) {
    this.world = world;
    this.key = key;
  }

  /** Key in the seed, as {@code анна}, or the login. */
  public String key() {
    return key;
  }

  /** «Фамилия Имя Отчество». */
  public String name() {
    return told().get(0).get("name").asText();
  }

  /** What is typed as the login while passwords work; {@code null} where they do not. */
  public String login() {
    return told().get(0).path("login").asText(null);
  }

  /** The password that works now; {@code null} where none does. */
  public String password() {
    return told().get(0).path("password").asText(null);
  }

  /** E-mail addresses and phones, of both servers. */
  public Set<String> contacts() {
    Set<String> found = new LinkedHashSet<>();
    for (JsonNode one : told()) one.path("contacts").forEach(contact -> found.add(contact.asText()));
    return found;
  }

  private List<JsonNode> told() {
    List<JsonNode> found = new ArrayList<>();
    Set<String> known = new TreeSet<>();
    for (Control server : world.servers()) {
      for (JsonNode one : server.call(Call.PEOPLE, Control.Sent.NOTHING)) {
        known.add(one.get("key").asText());
        if (key.equals(one.get("key").asText()) || key.equals(one.path("login").asText())) found.add(one);
      }
    }
    if (!found.isEmpty()) return found;
    throw new IllegalArgumentException(
        "nobody in the world %s is called %s; there are: %s".formatted(world.name(), key, String.join(", ", known)));
  }

  /** Opens a session at Gosuslugi and leaves it to the caller what to do with it. */
  public Session openSession() {
    return openSession(Server.IDP);
  }

  /** Opens a session at one of both servers. */
  public Session openSession(Server at) {
    Control server = world.server(at);
    String path = Control.filled(Call.OPEN_SESSION, Map.of("key", key));
    HttpResponse<String> answer = server.reach(Call.OPEN_SESSION.method(), path, null);
    JsonNode opened = server.read(Call.OPEN_SESSION, answer);
    List<String> cookies = answer.headers().allValues("set-cookie");
    return new Session(opened.get("session").asText(), opened.get("link").asText(), cookies);
  }

  /** Signs in at Gosuslugi whatever keeps its cookies there, as {@code java.net.CookieManager}, without a password. */
  public Session signIn(CookieHandler cookies) {
    return signIn(cookies, Server.IDP);
  }

  /** Signs in at one of both servers. */
  public Session signIn(CookieHandler cookies, Server at) {
    Session session = openSession(at);
    try {
      cookies.put(URI.create(session.link()), Map.of("Set-Cookie", session.setCookie()));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return session;
  }
}
