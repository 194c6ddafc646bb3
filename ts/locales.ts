/** The built-in messages of every locale. */
import ar from "../src/locales/ar.json" with { type: "json" };
import de from "../src/locales/de.json" with { type: "json" };
import en from "../src/locales/en.json" with { type: "json" };
import es from "../src/locales/es.json" with { type: "json" };
import fr from "../src/locales/fr.json" with { type: "json" };
import ja from "../src/locales/ja.json" with { type: "json" };
import ko from "../src/locales/ko.json" with { type: "json" };
import pt from "../src/locales/pt.json" with { type: "json" };
import zhHans from "../src/locales/zh-Hans.json" with { type: "json" };
import zhHant from "../src/locales/zh-Hant.json" with { type: "json" };

export const BUILT_IN = { ar, de, en, es, fr, ja, ko, pt, "zh-Hans": zhHans, "zh-Hant": zhHant };
