/**
 * Shapes of JSON values. One description serves twice: it finds the first fault of a value, with its path, and gives
 * the JSON Schema of it.
 */

/** Says what is wrong with a value, as "path: what"; undefined: nothing. */
export type FaultOf = (value: unknown, path: string) => string | undefined;

export interface Shape {
  fault: FaultOf;
  schema: object;
}

/** A shape of a key that may be absent. */
export interface OptionalShape extends Shape {
  optional: true;
}

/** A shape for each key of T, optional where the key is. */
export type Fields<T> = { [K in keyof T]-?: undefined extends T[K] ? OptionalShape : Shape };

/** Exactly this string. */
export const constant = (expected: string): Shape => ({
  fault: (value, path) => (value === expected ? undefined : `${path}: ${show(value)} where "${expected}" is expected`),
  schema: { const: expected },
});

/** One of some strings. */
export const oneOf = (...names: string[]): Shape => ({
  fault: (value, path) =>
    names.includes(value as string) ? undefined : `${path}: ${show(value)} is none of ${names.join(', ')}`,
  schema: { enum: names },
});

/** Any string. */
export const string: Shape = ofType('string', (value) => typeof value === 'string');

/** true or false. */
export const boolean: Shape = ofType('boolean', (value) => typeof value === 'boolean');

/** A finite number, not negative. */
export const amount: Shape = {
  fault: (value, path) =>
    Number.isFinite(value) && (value as number) >= 0 ? undefined : unexpected(value, path, 'a number of 0 or more'),
  schema: { type: 'number', minimum: 0 },
};

/** A whole number from 0 up: pids, lines, offsets, ids. */
export const integer: Shape = {
  fault: (value, path) =>
    Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : unexpected(value, path, 'a whole number from 0 up'),
  schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
};

/** A counter: a whole number up to 2^53, a decimal string above. */
export const count: Shape = {
  fault: (value, path) =>
    isCount(value) ? undefined : unexpected(value, path, 'a count (whole, 0 or more, a string above 2^53)'),
  schema: {
    anyOf: [
      { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: '^[0-9]{1,24}$' },
    ],
  },
};

/** A string of a form. */
export const matching = (pattern: RegExp, what: string): Shape => ({
  fault: (value, path) => (typeof value === 'string' && pattern.test(value) ? undefined : unexpected(value, path, what)),
  schema: { type: 'string', pattern: pattern.source },
});

/** Any value. */
export const anything: Shape = { fault: () => undefined, schema: {} };

/** A shape or null. */
export const nullable = (shape: Shape): Shape => ({
  fault: (value, path) => (value === null ? undefined : shape.fault(value, path)),
  schema: { anyOf: [shape.schema, { type: 'null' }] },
});

/** A key that may be absent. */
export const optional = (shape: Shape): OptionalShape => ({ ...shape, optional: true });

/** A list. */
export const list = (shape: Shape): Shape => ({
  fault: (value, path) =>
    Array.isArray(value)
      ? firstFault(value, (item, i) => shape.fault(item, `${path}[${i}]`))
      : unexpected(value, path, 'an array'),
  schema: { type: 'array', items: shape.schema },
});

/** An array of a length. */
export const tuple = (...shapes: Shape[]): Shape => ({
  fault: (value, path) =>
    Array.isArray(value) && value.length === shapes.length
      ? firstFault(shapes, (shape, i) => shape.fault(value[i], `${path}[${i}]`))
      : unexpected(value, path, `an array of ${shapes.length}`),
  schema: { type: 'array', prefixItems: shapes.map((shape) => shape.schema), items: false, minItems: shapes.length },
});

/** An object with any keys. */
export const recordOf = (shape: Shape): Shape => ({
  fault: (value, path) =>
    isObject(value)
      ? firstFault(Object.entries(value), ([key, item]) => shape.fault(item, `${path}.${key}`))
      : unexpected(value, path, 'an object'),
  schema: { type: 'object', additionalProperties: shape.schema },
});

/** An object with these keys; others are let through, because later versions add some. */
export function object<T>(fields: Fields<T>): Shape {
  const shapes = Object.entries(fields) as [string, Shape | OptionalShape][];
  return {
    fault: (value, path) =>
      isObject(value)
        ? firstFault(shapes, ([key, shape]) => fieldFault(value, key, shape, path))
        : unexpected(value, path, 'an object'),
    schema: {
      type: 'object',
      required: shapes.filter(([, shape]) => !('optional' in shape)).map(([key]) => key),
      properties: Object.fromEntries(shapes.map(([key, shape]) => [key, shape.schema])),
    },
  };
}

function fieldFault(value: Record<string, unknown>, key: string, shape: Shape, path: string): string | undefined {
  const at = path === '' ? key : `${path}.${key}`;
  if (Object.hasOwn(value, key)) return shape.fault(value[key], at);
  return 'optional' in shape ? undefined : `${at}: is missing`;
}

function firstFault<T>(items: readonly T[], faultOf: (item: T, i: number) => string | undefined): string | undefined {
  for (const [i, item] of items.entries()) {
    const fault = faultOf(item, i);
    if (fault) return fault;
  }
  return undefined;
}

function ofType(type: string, matches: (value: unknown) => boolean): Shape {
  return { fault: (value, path) => (matches(value) ? undefined : unexpected(value, path, `a ${type}`)), schema: { type } };
}

function isCount(value: unknown): boolean {
  if (typeof value === 'string') return /^[0-9]{1,24}$/.test(value);
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unexpected = (value: unknown, path: string, what: string): string => `${path || 'document'}: ${show(value)} is not ${what}`;

/** A value in a message: short, whatever it is. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
