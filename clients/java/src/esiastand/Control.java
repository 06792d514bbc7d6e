package esiastand;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The control API at one address: of a server, or of one world at it. */
public final class Control {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Server server;
  private final String url;
  private final String token;
  private final HttpClient http;

  Control(Server server, String url, String token, String ca) {
    this(server, url, token, client(url, ca));
  }

  private Control(Server server, String url, String token, HttpClient http) {
    this.server = server;
    this.url = url.replaceAll("/+$", "");
    this.token = token;
    this.http = http;
  }

  /** Which server this is. */
  public Server server() {
    return server;
  }

  /** Base address, without a slash at the end. */
  public String url() {
    return url;
  }

  /** {@code GET} of any address below this one, as {@code /control/keys}: its JSON. */
  public JsonNode get(String path) {
    return json(reach("GET", path, null));
  }

  /** {@code POST} of JSON to any address below this one: the JSON of its answer. */
  public JsonNode post(String path, Object body) {
    return json(reach("POST", path, body));
  }

  /** The same server at another base address: one of its worlds. */
  Control within(String address) {
    return new Control(server, address, token, http);
  }

  /** What an operation of the contract is asked with. */
  record Sent(Map<String, ?> parts, Map<String, ?> body, Map<String, ?> query) {
    static final Sent NOTHING = new Sent(Map.of(), null, Map.of());

    static Sent part(String name, Object value) {
      return new Sent(Map.of(name, value), null, Map.of());
    }

    static Sent body(Map<String, ?> body) {
      return new Sent(Map.of(), body, Map.of());
    }

    static Sent query(Map<String, ?> query) {
      return new Sent(Map.of(), null, query);
    }
  }

  /** Does one operation of the contract; answers with those fields of its JSON that the contract names. */
  JsonNode call(Call call, Sent sent) {
    refuseOthers(call, call.sends(), sent.body() == null ? Map.of() : sent.body());
    refuseOthers(call, call.asks(), sent.query());
    String path = filled(call, sent.parts());
    List<String> query = new ArrayList<>();
    sent.query().forEach((name, value) -> query.add(name + "=" + encoded(value)));
    HttpResponse<String> answer =
        reach(call.method(), query.isEmpty() ? path : path + "?" + String.join("&", query), sent.body());
    return read(call, answer);
  }

  JsonNode read(Call call, HttpResponse<String> answer) {
    if (call.reads().isEmpty()) return null;
    JsonNode whole = json(answer);
    Iterable<JsonNode> objects = whole.isArray() ? whole : List.of(whole);
    for (JsonNode object : objects) ((ObjectNode) object).retain(call.reads());
    return whole;
  }

  static String filled(Call call, Map<String, ?> parts) {
    String path = call.path();
    for (Map.Entry<String, ?> part : parts.entrySet()) path = path.replace("{" + part.getKey() + "}", encoded(part.getValue()));
    return path;
  }

  HttpResponse<String> reach(String method, String path, Object body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
    request.header("Accept", "application/json");
    if (token != null) request.header("Authorization", "Bearer " + token);
    if (body != null) request.header("Content-Type", "application/json");
    request.method(method, body == null ? HttpRequest.BodyPublishers.noBody() : written(body));
    HttpResponse<String> answer;
    try {
      answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException error) {
      throw new ControlException(said("does not answer", method, path) + ": " + error, 0);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new ControlException(said("was not waited for at", method, path), 0);
    }
    if (answer.statusCode() >= 300) throw refused(method, path, answer);
    return answer;
  }

  private String said(String verb, String method, String path) {
    return "%s at %s %s %s %s".formatted(server.title, url, verb, method, path);
  }

  private ControlException refused(String method, String path, HttpResponse<String> answer) {
    StringBuilder told = new StringBuilder(said("refuses", method, path)).append(" with ").append(answer.statusCode());
    JsonNode problem;
    try {
      problem = JSON.readTree(answer.body());
    } catch (JsonProcessingException notOfTheControlApi) {
      problem = JSON.createObjectNode();
    }
    for (String part : List.of("title", "way_out")) {
      if (problem.path(part).isTextual()) told.append(". ").append(problem.path(part).asText());
    }
    if ((answer.statusCode() == 401 || answer.statusCode() == 403) && token == null) {
      told.append(". Set ESIA_STAND_CONTROL_TOKEN to the token that the stand was started with");
    }
    return new ControlException(told.toString(), answer.statusCode());
  }

  private void refuseOthers(Call call, List<String> known, Map<String, ?> sent) {
    for (String name : sent.keySet()) {
      if (!known.contains(name)) throw new IllegalArgumentException(call.method() + " " + call.path() + " takes no " + name);
    }
    if (call.idpOnly() && server != Server.IDP) {
      throw new IllegalArgumentException(server.title + " has no " + call.method() + " " + call.path());
    }
  }

  private JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException error) {
      throw new ControlException(server.title + " answers " + answer.uri() + " with what is no JSON", answer.statusCode());
    }
  }

  private static HttpRequest.BodyPublisher written(Object body) {
    try {
      return HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException(error);
    }
  }

  /** A part of an address, percent-encoded. */
  static String encoded(Object part) {
    return URLEncoder.encode(String.valueOf(part), StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static HttpClient client(String url, String ca) {
    HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    String host = URI.create(url).getHost();
    // What is of this machine is asked past any proxy.
    boolean near = host.equals("localhost") || host.endsWith(".localhost") || host.startsWith("127.") || host.equals("[::1]");
    client.proxy(near ? HttpClient.Builder.NO_PROXY : ProxySelector.getDefault());
    if (ca != null) client.sslContext(trusting(Path.of(ca)));
    return client.build();
  }

  private static SSLContext trusting(Path ca) {
    try (InputStream pem = Files.newInputStream(ca)) {
      KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
      known.load(null, null);
      for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        known.setCertificateEntry("ca-" + known.size(), certificate);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(known);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException error) {
      throw new IllegalArgumentException(ca + " cannot be read as certificates: " + error, error);
    }
  }
}
