import { ControlError } from "./control.js";
import type { Line, World } from "./world.js";

/** Of a long timeline the end is shown. */
const LINES = 60;
/** Of many refused requests the first ones are. */
const VERDICTS = 10;

const MOSCOW = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Moscow", dateStyle: "short", timeStyle: "medium" });

/** What stands in the report when a test fails: the failed verdicts and the timeline of a world; where they cannot be had, why. */
export async function story(world: World): Promise<string> {
  try {
    const told = [`esia-stand: world ${world.name}`, `Gosuslugi of this world: ${world.url}/`, ""];
    return [...told, ...(await verdicts(world)), "", ...(await timeline(world))].join("\n");
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return `esia-stand: the story of the world ${world.name} cannot be had: ${error.message}`;
  }
}

async function verdicts(world: World): Promise<string[]> {
  const failed = await world.verdicts.failed();
  const told = failed.slice(0, VERDICTS).flatMap((verdict) => String(verdict).split("\n"));
  const more = failed.length > VERDICTS ? [`  … ${failed.length - VERDICTS} more`] : [];
  return [`failed verdicts: ${failed.length || "none"}`, ...told.map((line) => `  ${line}`), ...more];
}

async function timeline(world: World): Promise<string[]> {
  const lines = await world.timeline();
  const before = lines.length > LINES ? [`  … ${lines.length - LINES} before`] : [];
  return ["timeline (Moscow time):", ...before, ...lines.slice(-LINES).map((line) => `  ${told(line)}`)];
}

function told({ at, server, text, request }: Line): string {
  const who = server === "diary" ? "diary    " : "Gosuslugi";
  return `${MOSCOW.format(new Date(at))}  ${who}  ${text}${request === undefined ? "" : `  [request ${request}]`}`;
}
