import type { Rule } from "../model/rule.ts";
import * as catalogue from "./catalogue.ts";

/** Every SQL rule, by id: one file each, one line each in catalogue.ts. A rule that is not listed there does not exist. */
export const rules: readonly Rule[] = Object.values(catalogue).toSorted((one, other) => (one.id < other.id ? -1 : 1));
