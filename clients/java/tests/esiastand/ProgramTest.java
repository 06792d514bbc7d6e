package esiastand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The program is found, started and stopped; a failed test tells its story. */
class ProgramTest {
  private static String failure(Map<String, String> environment) {
    return assertThrows(IllegalStateException.class, () -> Program.start(environment, List.of())).getMessage();
  }

  private static Path program(Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("esia-stand"), "#!/bin/sh\necho 'no such seed' >&2\nexit 2\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  @Test
  void theNamedProgramIsTakenBeforeTheOneOnPath(@TempDir Path folder) throws Exception {
    Path file = program(folder);
    assertEquals(file, Program.find(Map.of("PATH", "nowhere:" + folder)));
    Path named = program(Files.createDirectory(folder.resolve("named")));
    assertEquals(named, Program.find(Map.of("PATH", folder.toString(), "ESIA_STAND_BIN", named.toString())));
  }

  @Test
  void withoutAProgramTheWaysOutAreTold(@TempDir Path folder) throws Exception {
    String told = failure(Map.of("PATH", folder.toString()));
    for (String way : List.of("pip install esia-stand", "ESIA_STAND_BIN=", "ESIA_STAND_URL=")) assertTrue(told.contains(way), told);
    assertTrue(failure(Map.of("ESIA_STAND_BIN", folder.toString())).contains("is no program"));
  }

  @Test
  void aProgramThatDoesNotStartIsToldInItsOwnWords(@TempDir Path folder) throws Exception {
    String told = failure(Map.of("ESIA_STAND_BIN", program(folder).toString()));
    assertEquals("esia-stand serve does not start:\nno such seed", told);
  }

  @Test
  void aStandIsStartedWithArgumentsAndStopped() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("ESIA_STAND_ARGS", "--tls");
    Stand stand = Stand.open(environment);
    Control idp = stand.servers().get(0);
    assertTrue(idp.url().startsWith("https:"), idp.url());
    assertEquals("ok", idp.get("/health").get("status").asText());
    stand.close();
    assertEquals(0, assertThrows(ControlException.class, () -> idp.get("/health")).status());
  }

  /** Played by the test below alone. */
  @ExtendWith(EsiaStand.class)
  @EnabledIfSystemProperty(named = "esiastand.inner", matches = "yes")
  static class Inner {
    @Test
    void wrong(World world) throws Exception {
      world.person("анна").openSession();
      assertEquals(200, WorldTest.get(world.url() + "/aas/oauth2/ac?client_id=NOBODY").statusCode());
    }
  }

  @Test
  void aFailedTestTellsItsStory() {
    SummaryGeneratingListener heard = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    System.setProperty("esiastand.inner", "yes");
    launcher.execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Inner.class)).build(), heard);
    System.clearProperty("esiastand.inner");
    Throwable failure = heard.getSummary().getFailures().get(0).getException();
    String told = assertInstanceOf(Story.class, failure.getSuppressed()[0]).getMessage();
    for (String line :
        List.of(
            "world wrong-", "failed verdicts: 1", "GET /aas/oauth2/ac?client_id=NOBODY → 400", "failed client ESIA-008010",
            "timeline (Moscow time):", "Петрова Анна Сергеевна: вход на Госуслуги")) {
      assertTrue(told.contains(line), told);
    }
    String address = told.replaceAll("(?s).*(http://127\\.0\\.0\\.1:\\d+)/w/.*", "$1");
    Control idp = new Control(Server.IDP, address, null, null);
    assertEquals(0, assertThrows(ControlException.class, () -> idp.get("/health"), "the stand outlives its run").status());
  }
}
