// Package esiastand is a mock of ЕСИА/Госуслуги and of a school diary in Go tests: a world of its own for each test.
//
//	func TestAnnaSeesHerChildren(t *testing.T) {
//		t.Parallel()
//		world := esiastand.NewWorld(t)
//		world.Person("анна").SignIn(client)
//		…
//	}
//
// One stand serves a test binary: the one that ESIA_STAND_URL names, else one that is started on free ports and ends with the
// binary. When a test fails, its log tells the refused requests and the timeline of its world.
package esiastand
