/** `--function library:name`: what of a process it is about. */

/** Whether a pattern names a function of a shared library. C++ names hold `::`, which is no such colon. */
export const isOfLibrary = (pattern: string): boolean => /^[^:]+\.so(\.[^:]*)?:[^:]/.test(pattern);
