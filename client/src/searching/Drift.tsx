/** Forms that pass by while we look. Each fades behind one's own window, and the crossing turns to light. */
export function Drift() {
  return (
    <div className="pass">
      <div className="f f4" />
      <div className="f f3" />
      <div className="f f2" />
      <div className="f f1" />
    </div>
  );
}

/** The same forms as they are seen through one's own window, in step with those outside. */
export function DriftInside() {
  return (
    <div className="in">
      <div className="f f1" />
      <div className="f f2" />
      <div className="f f3" />
    </div>
  );
}
