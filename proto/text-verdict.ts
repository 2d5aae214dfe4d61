/** The detail of a text that was not compared, which is no difference: agents write it, commands tell it apart. */
export const NO_TEXT_LEFT = 'the process has exited: no text is left to compare';
