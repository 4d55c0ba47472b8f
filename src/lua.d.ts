/** A Lua script as text: the bundler and the tests load it so. */
declare module '*.lua' {
  const text: string;
  export default text;
}
