import { inBrowser } from 'vitepress';
import theme from 'vitepress/theme-without-fonts';
import './style.css';

/** VitePress's own look with the system's fonts; every page has a main landmark, those without one of their own too. */
export default {
  ...theme,
  enhanceApp(context: Parameters<NonNullable<typeof theme.enhanceApp>>[0]): void {
    theme.enhanceApp?.(context);
    if (!inBrowser) return;
    const mark = (): void => {
      const content = document.getElementById('VPContent');
      if (!content) return;
      if (content.querySelector('main')) content.removeAttribute('role');
      else content.setAttribute('role', 'main');
    };
    new MutationObserver(mark).observe(document.body, { childList: true, subtree: true });
    mark();
  },
};
