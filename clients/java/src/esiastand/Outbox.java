package esiastand;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What both servers have sent in a world; nothing leaves the machine. */
public final class Outbox {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<Control> servers;

  Outbox(List<Control> servers) {
    this.servers = servers;
  }

  /**
   * A letter or an SMS.
   *
   * @param server who sent it
   * @param at when, by the world's clock
   * @param channel {@code email} or {@code sms}
   * @param to an e-mail address or a phone
   * @param subject subject of a letter, or {@code null}
   * @param text the text without the link
   * @param link the link in it as a whole URL, or {@code null}
   */
  public record Message(Server server, Instant at, String channel, String to, String subject, String text, String link) {}

  /** Newest first. */
  public List<Message> all() {
    List<Message> found = new ArrayList<>();
    for (Control server : servers) {
      for (JsonNode sent : server.call(Call.OUTBOX, Control.Sent.NOTHING)) {
        Instant at = Instant.parse(sent.get("at").asText());
        found.add(
            new Message(
                server.server(), at, sent.get("channel").asText(), sent.get("to").asText(), sent.path("subject").asText(null),
                sent.get("text").asText(), sent.path("link").asText(null)));
      }
    }
    found.sort(Comparator.comparing(Message::at).reversed());
    return found;
  }

  /** Those to a person, newest first. */
  public List<Message> to(Person person) {
    Set<String> addresses = person.contacts();
    return all().stream().filter(message -> addresses.contains(message.to())).toList();
  }

  /** The newest message to a person whose subject, text or link holds a text; waited for up to five seconds. */
  public Message await(Person person, String containing) {
    for (Instant endsAt = Instant.now().plus(PATIENCE); ; ) {
      List<Message> there = to(person);
      for (Message message : there) {
        if ((message.subject() + "\n" + message.text() + "\n" + message.link()).contains(containing)) return message;
      }
      if (Instant.now().isAfter(endsAt)) {
        throw new AssertionError("no message to %s with «%s»; there is: %s".formatted(person.key(), containing, there));
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException error) {
        Thread.currentThread().interrupt();
        throw new AssertionError("the message was not waited for", error);
      }
    }
  }
}
