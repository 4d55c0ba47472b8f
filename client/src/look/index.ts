/** Imported before any screen, so that a screen's own rules come later and win. */
import './fonts';
import './tokens.css';
import './parts.css';
import './controls.css';
import './sheets.css';
import './movement.css';
