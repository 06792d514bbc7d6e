package esiastand;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The world of a test, or of all tests of a class, is made from a documented seed instead of being a copy of {@code main}. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Seed {
  /** Its name, as {@code петровы}; {@code esia-stand world} lists them. */
  String value();
}
