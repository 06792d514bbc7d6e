package esiastand;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stand that this process has started, on free ports of the loopback. It ends with the process at the latest. */
final class Program implements AutoCloseable {
  private static final int PATIENCE_S = 30;

  /** The program runs until the standard input of this shell closes: that of a run which is gone, in whatever way, too. */
  private static final String GUARD =
      "\"$@\" </dev/null & program=$!; exec >/dev/null 2>&1; cat; kill -TERM \"$program\"; wait \"$program\"";

  private final Process process;
  // Held: the servers stop when it closes.
  private final OutputStream input;
  private final Path complaints;
  private final JsonNode ready;

  private Program(Process process, Path complaints) {
    this.process = process;
    this.input = process.getOutputStream();
    this.complaints = complaints;
    try {
      this.ready = Control.JSON.readTree(firstLine());
      if (!ready.has("idp")) throw new IOException("no ready line");
    } catch (IOException notReady) {
      String said = complained();
      close();
      throw new IllegalStateException("esia-stand serve does not start" + (said.isBlank() ? "" : ":\n" + said), notReady);
    }
  }

  /** The program: {@code ESIA_STAND_BIN}, else the one on {@code PATH}. */
  static Path find(Map<String, String> environment) {
    String named = environment.getOrDefault("ESIA_STAND_BIN", "");
    if (!named.isEmpty()) {
      if (isProgram(Path.of(named))) return Path.of(named);
      throw new IllegalStateException(
          "ESIA_STAND_BIN=" + named + " is no program: name the file esia-stand itself, or unset the variable");
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!folder.isEmpty() && isProgram(Path.of(folder, "esia-stand"))) return Path.of(folder, "esia-stand");
    }
    throw new IllegalStateException(
        """
        the program esia-stand is not found: ESIA_STAND_BIN is not set, and PATH has none.
        One of these helps:
          pip install esia-stand, npx esia-stand, or the archive or the Debian package of a release
          export ESIA_STAND_BIN=…/esia-stand           a program that was built or unpacked elsewhere
          export ESIA_STAND_URL=http://127.0.0.1:8081  a stand that runs already (ESIA_STAND_DIARY: its diary)""");
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  static Program start(Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "sh", find(environment).toString(), "serve"));
    command.addAll(List.of("--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(List.of("ESIA_STAND_BIN", "ESIA_STAND_URL", "ESIA_STAND_DIARY"));
    try {
      Path complaints = Files.createTempFile("esia-stand-", ".log");
      return new Program(builder.redirectError(complaints.toFile()).start(), complaints);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Its first line: {@code idp} and {@code diary}, and {@code ca_file} where it speaks https. */
  JsonNode ready() {
    return ready;
  }

  private String firstLine() throws IOException {
    CompletableFuture<String> first = new CompletableFuture<>();
    Thread reading = new Thread(() -> read(first), "esia-stand output");
    reading.setDaemon(true);
    reading.start();
    try {
      return first.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException error) {
      throw new IOException("it says nothing", error);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new IOException("it was not waited for", error);
    }
  }

  /** The first line for whoever waits; the rest is read so that the program is not held up. */
  private void read(CompletableFuture<String> first) {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      first.complete(line == null ? "" : line);
      while (out.readLine() != null) continue;
    } catch (IOException closed) {
      first.completeExceptionally(closed);
    }
  }

  private String complained() {
    try {
      return Files.readString(complaints).strip();
    } catch (IOException gone) {
      return "";
    }
  }

  @Override
  public void close() {
    try {
      input.close();
      if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) process.destroyForcibly();
      Files.deleteIfExists(complaints);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      process.destroy();
    }
  }
}
