package esiastand

import "time"

// Clock is the time of both servers of a world, moved together; what falls due on the way happens before the answer.
type Clock struct{ world *World }

type clockView struct {
	Now time.Time `json:"now"`
}

// Now is the world's time.
func (c *Clock) Now() time.Time {
	c.world.t.Helper()
	var view clockView
	c.world.must(c.world.Servers[0].call(readClock, sent{}, &view))
	return view.Now
}

// Advance lets time pass: "15m", "5days", "1h 30m". It answers with the new time.
func (c *Clock) Advance(by string) time.Time {
	c.world.t.Helper()
	return c.move(map[string]any{"advance": by})
}

// AdvanceWorkingDays lets so many working days of the Russian production calendar pass, to the same time of day in Moscow.
func (c *Clock) AdvanceWorkingDays(days int) time.Time {
	c.world.t.Helper()
	return c.move(map[string]any{"advance-working-days": days})
}

// To goes on to an instant.
func (c *Clock) To(when time.Time) time.Time {
	c.world.t.Helper()
	return c.move(map[string]any{"to": when.Format(time.RFC3339Nano)})
}

// Freeze stops it, at both servers at one instant: the next whole second.
func (c *Clock) Freeze() time.Time {
	c.world.t.Helper()
	var latest time.Time
	for _, server := range c.world.Servers {
		var view clockView
		c.world.must(server.call(moveClock, sent{body: map[string]any{"mode": "frozen"}}, &view))
		if view.Now.After(latest) {
			latest = view.Now
		}
	}
	return c.To(latest.Truncate(time.Second).Add(time.Second))
}

// Run lets it run on from where it stands.
func (c *Clock) Run() time.Time {
	c.world.t.Helper()
	return c.move(map[string]any{"mode": "running"})
}

func (c *Clock) move(order map[string]any) time.Time {
	c.world.t.Helper()
	var first clockView
	for index, server := range c.world.Servers {
		var view clockView
		c.world.must(server.call(moveClock, sent{body: order}, &view))
		if index == 0 {
			first = view
		}
	}
	return first.Now
}
