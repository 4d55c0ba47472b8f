/** Decoration: shapes that pass by during the search. Each fades behind the user's window. */
export function PassingShapes() {
  return (
    <div className="pass">
      <div className="f f4" />
      <div className="f f3" />
      <div className="f f2" />
      <div className="f f1" />
    </div>
  );
}

/** The same shapes inside the user's window, in step with those outside. */
export function PassingShapesInside() {
  return (
    <div className="in">
      <div className="f f1" />
      <div className="f f2" />
      <div className="f f3" />
    </div>
  );
}
