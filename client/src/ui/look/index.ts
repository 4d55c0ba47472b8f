/** Imported before any screen, so that the rules of a screen come later and override these. */
import './fonts';
import './tokens.css';
import './parts.css';
import './controls.css';
import './sheets.css';
import './motion.css';
