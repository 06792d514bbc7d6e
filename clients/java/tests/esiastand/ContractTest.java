package esiastand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the package asks of the control API is what the program's OpenAPI document says. */
@ExtendWith(EsiaStand.class)
class ContractTest {
  /** The names of the fields of an object, or of the items of a list. */
  private static List<String> properties(JsonNode document, JsonNode schema) {
    if (schema.has("$ref")) return properties(document, document.at(schema.get("$ref").asText().substring(1)));
    if (schema.has("items")) return properties(document, schema.get("items"));
    List<String> names = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    schema.path("allOf").forEach(part -> names.addAll(properties(document, part)));
    return names;
  }

  private static List<String> fields(JsonNode document, JsonNode described) {
    return properties(document, described.get("content").iterator().next().get("schema"));
  }

  /** What of a call the document does not have. */
  private static List<String> differences(JsonNode document, Call call) {
    JsonNode operation = document.path("paths").path(call.path()).path(call.method().toLowerCase());
    String named = call.method() + " " + call.path();
    if (operation.isMissingNode()) return List.of(named);
    List<String> missing = new ArrayList<>();
    if (!call.sends().isEmpty()) {
      List<String> known = fields(document, operation.get("requestBody"));
      call.sends().stream().filter(name -> !known.contains(name)).forEach(missing::add);
    }
    List<String> parameters = new ArrayList<>();
    operation.path("parameters").forEach(one -> {
      if (one.get("in").asText().equals("query")) parameters.add(one.get("name").asText());
    });
    call.asks().stream().filter(name -> !parameters.contains(name)).forEach(missing::add);
    if (!call.reads().isEmpty() && !call.opaque()) {
      operation.get("responses").fields().forEachRemaining(answer -> {
        if (!answer.getKey().startsWith("2")) return;
        List<String> known = fields(document, answer.getValue());
        call.reads().stream().filter(name -> !known.contains(name) && !missing.contains(name)).forEach(missing::add);
      });
    }
    return missing.stream().map(name -> named + ": " + name).toList();
  }

  @Test
  void everyCallIsInTheDocumentOfItsServers(Stand stand) {
    List<String> found = new ArrayList<>();
    for (Control server : stand.servers()) {
      JsonNode document = server.get("/control/openapi.json");
      for (Call call : Call.ALL) {
        if (!call.idpOnly() || server.server() == Server.IDP) found.addAll(differences(document, call));
      }
    }
    assertEquals(List.of(), found);
    assertEquals(17, Call.ALL.size());
  }

  @Test
  void whatIsNotInTheDocumentIsFound(Stand stand) {
    Call wrong = Call.of("POST", "/control/faults").sending("falt").asking("ask").reading("no");
    List<String> found = differences(stand.servers().get(0).get("/control/openapi.json"), wrong);
    assertEquals(List.of("POST /control/faults: falt", "POST /control/faults: ask", "POST /control/faults: no"), found);
    JsonNode diary = stand.servers().get(1).get("/control/openapi.json");
    assertEquals(List.of("POST /control/faults"), differences(diary, wrong));
  }

  @Test
  void nothingElseIsSent(Stand stand) {
    Control idp = stand.servers().get(0);
    Control.Sent wrong = Control.Sent.body(Map.of("name", "x", "seeed", 1));
    assertThrows(IllegalArgumentException.class, () -> idp.call(Call.MAKE, wrong));
    Control diary = stand.servers().get(1);
    assertThrows(IllegalArgumentException.class, () -> diary.call(Call.FAULTS, Control.Sent.NOTHING));
  }
}
