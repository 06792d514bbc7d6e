/**
 * A mock of ЕСИА/Госуслуги and of a school diary in JUnit tests: one server a run, a world of its own for each test.
 *
 * <p>{@code @ExtendWith(EsiaStand.class)} on a class, and {@code World} as a parameter of its tests.
 */
package esiastand;
