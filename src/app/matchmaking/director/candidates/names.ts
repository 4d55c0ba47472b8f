/** Numbers for texts. A number is freed when its text is not used any more, so that unused tags are forgotten. */
export class Names {
  private readonly ids = new Map<string, number>();
  private readonly texts: (string | undefined)[] = [];
  private readonly free: number[] = [];

  idOf(text: string): number | undefined {
    return this.ids.get(text);
  }

  intern(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.free.pop() ?? this.texts.length;
    this.ids.set(text, id);
    this.texts[id] = text;
    return id;
  }

  release(id: number): void {
    const text = this.texts[id];
    if (text === undefined) return;
    this.ids.delete(text);
    this.texts[id] = undefined;
    this.free.push(id);
  }

  get size(): number {
    return this.ids.size;
  }
}
