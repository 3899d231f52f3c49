/** A file as the build serves it: its address. */
declare module "*.wasm?url" {
  const address: string;
  export default address;
}
