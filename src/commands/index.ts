import { approve } from "./approve.ts";
import { check } from "./check.ts";
import type { Command } from "./command.ts";
import { digest } from "./digest.ts";
import { explain } from "./explain.ts";
import { inspect } from "./inspect.ts";
import { lint } from "./lint.ts";
import { serve } from "./serve.ts";

/** Every command of the binary, in the order of its help. */
export const commands: readonly Command[] = [check, lint, inspect, explain, digest, approve, serve];
