package esiastand;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The extension of JUnit: {@code @ExtendWith(EsiaStand.class)}. A parameter {@link World} of a test is a world of its own, gone
 * after it; {@link Stand} is the stand of the run. A failed test tells the {@link Story} of its world.
 */
public final class EsiaStand implements ParameterResolver, TestExecutionExceptionHandler {
  private static final Namespace OURS = Namespace.create(EsiaStand.class);

  /** Ends with the context in whose store it is: a world with its test, the stand with the run. */
  private record Held<T extends AutoCloseable>(T value) implements CloseableResource {
    @Override
    public void close() throws Exception {
      value.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Stand.class || type == World.class && context.getTestMethod().isPresent();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stand.class ? stand(context) : world(context);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
    Held<?> held = context.getStore(OURS).get(World.class, Held.class);
    if (held != null) failure.addSuppressed(Story.of((World) held.value()));
    throw failure;
  }

  private static Stand stand(ExtensionContext context) {
    ExtensionContext.Store store = context.getRoot().getStore(OURS);
    return (Stand) store.getOrComputeIfAbsent(Stand.class, key -> new Held<>(Stand.open()), Held.class).value();
  }

  private static World world(ExtensionContext context) {
    Stand stand = stand(context);
    ExtensionContext.Store store = context.getStore(OURS);
    return (World) store.getOrComputeIfAbsent(World.class, key -> new Held<>(made(stand, context)), Held.class).value();
  }

  private static World made(Stand stand, ExtensionContext context) {
    String name = Stand.newName(context.getRequiredTestMethod().getName());
    Optional<Seed> seed = seed(context.getRequiredTestMethod()).or(() -> seed(context.getRequiredTestClass()));
    return seed.map(named -> stand.make(named.value(), name)).orElseGet(() -> stand.fork("main", name));
  }

  private static Optional<Seed> seed(AnnotatedElement element) {
    return Optional.ofNullable(element.getAnnotation(Seed.class));
  }
}
