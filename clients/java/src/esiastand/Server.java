package esiastand;

/** The two servers of a stand. */
public enum Server {
  /** The mock Gosuslugi. */
  IDP("Gosuslugi"),
  /** The school diary. */
  DIARY("the diary");

  final String title;

  Server(String title) {
    this.title = title;
  }
}
