import theme from 'vitepress/theme-without-fonts';
import './style.css';

/** VitePress's own look with the system's fonts. */
export default theme;
