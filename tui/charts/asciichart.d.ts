/** The part of asciichart that box-lines.ts uses; the package carries no types. */
declare module 'asciichart' {
  interface PlotConfig {
    readonly min: number;
    readonly max: number;
    readonly height: number;
    readonly offset: number;
    readonly symbols: readonly string[];
    readonly format: () => string;
  }
  const asciichart: { plot(series: readonly (readonly number[])[], config: PlotConfig): string };
  export default asciichart;
}
