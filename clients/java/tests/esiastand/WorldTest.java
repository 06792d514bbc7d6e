package esiastand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A world, as tests use it. */
@ExtendWith(EsiaStand.class)
class WorldTest {
  static HttpResponse<String> get(HttpClient client, String address) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
  }

  static HttpResponse<String> get(String address) throws IOException, InterruptedException {
    return get(HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build(), address);
  }

  @Test
  void whatIsDoneInAWorldIsSeenInNoOther(World world, Stand stand) {
    World other = stand.fork();
    world.person("анна").openSession();
    assertTrue(world.timeline().stream().anyMatch(line -> line.text().contains("Анна")));
    assertFalse(other.timeline().stream().anyMatch(line -> line.text().contains("Анна")));
    other.close();
    assertEquals(404, assertThrows(ControlException.class, () -> other.clock().now()).status());
    other.close();
  }

  @Test
  void aWorldIsMadeAtBothServersOrAtNone(World world, Stand stand) {
    stand.servers().get(0).reach("DELETE", "/control/worlds/" + world.name(), null);
    ControlException refused = assertThrows(ControlException.class, () -> stand.fork("main", world.name()));
    assertEquals(409, refused.status());
    assertThrows(ControlException.class, () -> world.clock().now());
  }

  @Test
  @Seed("две-школы")
  void aWorldIsMadeFromADocumentedSeed(World world) {
    assertEquals("Ершова Марина Сергеевна", world.person("марина").name());
  }

  @Test
  void bothClocksAreMoved(World world) {
    Instant before = world.clock().now();
    assertTrue(Duration.between(before, world.clock().advance("15m")).toMinutes() >= 15);
    Instant stopped = world.clock().freeze();
    for (Server server : Server.values()) {
      assertEquals(stopped, Instant.parse(world.server(server).get("/control/clock").get("now").asText()));
    }
    Instant later = Instant.parse("2035-01-09T06:00:00Z");
    assertEquals(later, world.clock().to(later));
    assertEquals(later.plus(Duration.ofDays(1)), world.clock().advanceWorkingDays(1));
    world.clock().run();
    assertTrue(world.clock().now().isAfter(later.plus(Duration.ofDays(1))));
  }

  @Test
  void aClientIsSignedInAtBothServers(World world) throws Exception {
    CookieManager cookies = new CookieManager();
    HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build();
    assertFalse(get(browser, world.url() + "/lk").body().contains("Петрова"));
    world.person("anna@example.test").signIn(cookies);
    assertTrue(get(browser, world.url() + "/lk").body().contains("Петрова Анна"));
    world.person("анна").signIn(cookies, Server.DIARY);
    assertEquals(200, get(browser, world.server(Server.DIARY).url() + "/diary").statusCode());
  }

  @Test
  void aSessionServesClientsThatKeepNoCookies(World world) throws Exception {
    Session session = world.person("анна").openSession();
    HttpRequest page = HttpRequest.newBuilder(URI.create(world.url() + "/lk")).header("Cookie", session.cookie()).build();
    String body = HttpClient.newHttpClient().send(page, HttpResponse.BodyHandlers.ofString()).body();
    assertTrue(body.contains("Петрова Анна"), body);
    HttpResponse<String> opened = get(HttpClient.newHttpClient(), session.linkTo("/lk/family"));
    assertTrue(opened.headers().firstValue("location").orElse("").endsWith("/lk/family"), opened.headers().toString());
    assertEquals(410, get(session.link()).statusCode());
    assertThrows(ControlException.class, () -> world.person("никто").openSession());
    String told = assertThrows(IllegalArgumentException.class, () -> world.person("никто").name()).getMessage();
    assertTrue(told.contains("there are: анна, "), told);
  }

  @Test
  void lettersAreKept(World world) {
    Person anna = world.person("анна");
    assertEquals(List.of(), world.outbox().all());
    world.server(Server.IDP).post("/lk/api/recovery", Map.of("login", anna.login()));
    Outbox.Message letter = world.outbox().await(anna, "");
    assertEquals(List.of(letter), world.outbox().to(anna));
    assertEquals("anna@example.test", letter.to());
    assertTrue(letter.link().startsWith(world.url()), letter.link());
    assertEquals(List.of(), world.outbox().to(world.person("маша")));
  }

  @Test
  void aFaultIsSetAndLifted(World world) {
    Map<String, Object> options = Map.of("requests", 2, "person", "анна", "parameters", Map.of("token", "id"));
    try (Faults.Fault fault = world.faults().set("hdr.alg-none", options)) {
      Faults.Fault there = world.faults().all().get(0);
      assertEquals(List.of(fault.number(), "hdr.alg-none", 2), List.of(there.number(), there.fault(), there.left()));
      assertEquals("id", there.parameters().get("token").asText());
    }
    assertEquals(List.of(), world.faults().all());
    world.faults().set("claim.aud-other");
    world.faults().clear();
    assertEquals(List.of(), world.faults().all());
  }

  @Test
  void aVerdictSaysWhatWasWrongWithARequest(World world, Stand stand) throws Exception {
    HttpResponse<String> answer = get(world.url() + "/aas/oauth2/ac?client_id=NOBODY");
    List<Verdicts.Verdict> failed = world.verdicts().failed();
    assertEquals(List.of(world.verdicts().of(answer)), failed);
    Verdicts.Check check = failed.get(0).with("failed").get(0);
    assertEquals("ESIA-008010", check.error());
    assertEquals(List.of("client-unknown=NOBODY"), check.mistakes());
    assertEquals(200, get(failed.get(0).page()).statusCode());
    assertEquals(List.of(), world.verdicts().all("SOMEBODY", "failed"));
    HttpResponse<String> elsewhere = get(stand.servers().get(0).url() + "/aas/oauth2/ac?client_id=NOBODY");
    assertThrows(IllegalArgumentException.class, () -> world.verdicts().of(elsewhere));
  }

  @Test
  void aClientSystemIsKnownUntilTheWorldBeginsAnew(World world) {
    Map<String, Object> oidc = Map.of("redirect-uris", List.of("http://127.0.0.1:3000/callback"), "secret", "test");
    world.register("MY-SITE", Map.of("scopes", List.of("openid"), "oidc", oidc));
    assertEquals("MY-SITE", world.server(Server.IDP).get("/control/clients/MY-SITE").get("title").asText());
    world.reset();
    assertThrows(ControlException.class, () -> world.server(Server.IDP).get("/control/clients/MY-SITE"));
  }
}
