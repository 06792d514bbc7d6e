package esiastand;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A session that was opened without a password.
 *
 * @param token for {@code Authorization: Bearer} at the JSON endpoints of the person
 * @param link signs in whatever browser opens it, once: {@code driver.get(session.link())}
 * @param setCookie the lines of {@code Set-Cookie} of the pages
 */
public record Session(String token, String link, List<String> setCookie) {

  /** The header {@code Cookie} for a client that keeps none. */
  public String cookie() {
    return setCookie.stream().map(line -> line.split(";", 2)[0]).collect(Collectors.joining("; "));
  }

  /** The link, leading on to a page of the same world, as {@code /lk/family}. */
  public String linkTo(String page) {
    return link + "?next=" + Control.encoded(page);
  }
}
