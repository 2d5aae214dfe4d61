/** Single widgets of blessed; its types know only the whole. */
declare module 'blessed/lib/widgets/box.js' {
  import type { Widgets } from 'blessed';

  const Box: new (options: Widgets.BoxOptions) => Widgets.BoxElement;
  export default Box;
}

declare module 'blessed/lib/widgets/screen.js' {
  import type { Widgets } from 'blessed';

  const Screen: new (options: Widgets.IScreenOptions) => Widgets.Screen;
  export default Screen;
}
