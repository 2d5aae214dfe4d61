/** What a person did, as values: made by the screen from the terminal's bytes, read by the key table. */

/** `name` is a single character, or `enter`, `up`, `C-c`, `M-x`, `F1`…; `text` is set when the key types something. */
export interface Key {
  readonly name: string;
  readonly text?: string;
}

export type Input =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'click'; readonly x: number; readonly y: number }
  | { readonly kind: 'wheel'; readonly by: number };
