package esiastand;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What Gosuslugi do wrong on purpose in a world; {@code esia-stand faults} prints the catalogue. */
public final class Faults {
  private final Control idp;

  Faults(Control idp) {
    this.idp = idp;
  }

  /** A fault that is set. Closing lifts it; one that has played already is gone anyway. */
  public final class Fault implements AutoCloseable {
    private final JsonNode view;

    private Fault(JsonNode view) {
      this.view = view;
    }

    /** Its number in the world. */
    public long number() {
      return view.get("number").asLong();
    }

    /** Its name in the catalogue, as {@code claim.aud-other}. */
    public String fault() {
      return view.get("fault").asText();
    }

    /** What was said more exactly. */
    public JsonNode parameters() {
      return view.get("parameters");
    }

    /** How many answers it will still change; -1 where no number was said. */
    public int left() {
      return view.path("left").asInt(-1);
    }

    @Override
    public void close() {
      boolean there = all().stream().anyMatch(fault -> fault.number() == number());
      if (there) idp.call(Call.LIFT_FAULT, Control.Sent.part("number", number()));
    }
  }

  /** Makes answers wrong in this one way from now on, until it is lifted. */
  public Fault set(String fault) {
    return set(fault, Map.of());
  }

  /**
   * Makes answers wrong in this one way. Options are those of {@code POST /control/faults}: {@code requests}, {@code client},
   * {@code person}, {@code until}, {@code parameters}.
   */
  public Fault set(String fault, Map<String, ?> options) {
    Map<String, Object> body = new HashMap<>(options);
    body.put("fault", fault);
    return new Fault(idp.call(Call.SET_FAULT, Control.Sent.body(body)));
  }

  /** Those that are set, in the order in which they were. */
  public List<Fault> all() {
    List<Fault> found = new ArrayList<>();
    for (JsonNode view : idp.call(Call.FAULTS, Control.Sent.NOTHING)) found.add(new Fault(view));
    return found;
  }

  /** Lifts all of them. */
  public void clear() {
    idp.call(Call.LIFT_FAULTS, Control.Sent.NOTHING);
  }
}
