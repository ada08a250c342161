/** Kubernetes quantities ("10Gi", "1500M", "1e3"), compared exactly. Grammar: apimachinery's resource.Quantity. */

const decimalPowers: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const binaryPowers: ReadonlyMap<string, number> = new Map([
  ["Ki", 10],
  ["Mi", 20],
  ["Gi", 30],
  ["Ti", 40],
  ["Pi", 50],
  ["Ei", 60],
]);

/** Longer than any quantity a person writes; the bound keeps the arithmetic small. */
const maxLength = 64;
const maxExponent = 60;

/** A quantity in units of 10⁻⁹, rounded up like Kubernetes does; null if it is none. */
export function parseQuantity(text: string): bigint | null {
  if (text.length > maxLength) return null;
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE])([+-]?\d{1,3})|([a-zA-Z]{0,2}))$/.exec(text);
  if (match === null) return null;
  const [, sign = "", digits = "", exponentMark, exponent = "0", suffix = ""] = match;
  const scale = exponentMark === undefined ? scaleOf(suffix) : { ten: Number(exponent), two: 0 };
  if (scale === null || Math.abs(scale.ten) > maxExponent) return null;
  const [whole = "", fraction = ""] = digits.split(".");
  const mantissa = BigInt(`${whole}${fraction}`) << BigInt(scale.two);
  const nano = timesPowerOfTen(mantissa, scale.ten + 9 - fraction.length);
  return sign === "-" ? -nano : nano;
}

function scaleOf(suffix: string): { readonly ten: number; readonly two: number } | null {
  const ten = decimalPowers.get(suffix);
  if (ten !== undefined) return { ten, two: 0 };
  const two = binaryPowers.get(suffix);
  return two === undefined ? null : { ten: 0, two };
}

function timesPowerOfTen(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}
