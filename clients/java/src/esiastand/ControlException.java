package esiastand;

/** The control API refuses, or does not answer. The message says who, what and, where known, the way out. */
public final class ControlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  ControlException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** HTTP status of a refusal; 0 where there was no answer. */
  public int status() {
    return status;
  }
}
