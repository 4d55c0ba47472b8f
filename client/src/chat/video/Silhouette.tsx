/** A drawing of a blurred person, shown in a window until there is a video. */
export function Silhouette({ of }: { of: 'you' | 'they' }) {
  return (
    <svg
      className={`silhouette silhouette--${of}`}
      viewBox="0 0 640 480"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <rect width="640" height="480" className="s-room" />
      <rect x="30" y="30" width="150" height="215" rx="8" className="s-window" />
      <circle cx="560" cy="95" r="150" className="s-lamp" />
      <path
        d="M200 480c-6-60-30-90-76-150 50 20 70 60 80 105 4-70 20-120 52-160 12 60 0 140-20 205Z"
        className="s-plant"
      />
      <path
        d="M242 150c-4-60 30-100 78-100s84 38 80 100c-2 40 6 66-6 92H248c-10-26-4-56-6-92Z"
        className="s-hair"
      />
      <path d="M120 480c8-84 60-122 150-136h100c90 14 142 52 150 136Z" className="s-coat" />
      <path d="M290 270h60v70c-14 22-46 22-60 0Z" className="s-shade" />
      <ellipse cx="320" cy="190" rx="66" ry="94" className="s-skin" />
      <path
        d="M252 170c0-64 30-104 70-104s66 34 66 96c-26-14-46-32-58-54-20 32-46 50-78 62Z"
        className="s-hair"
      />
    </svg>
  );
}
