import { useWords } from '../words';
import { Logo } from './Logo';

/** The logo and the name of the product. */
export function Brand() {
  const words = useWords();
  return (
    <>
      <Logo />
      {words.say('app.name')}
    </>
  );
}
