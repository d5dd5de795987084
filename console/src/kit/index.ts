/** The kit: what pages are made of. */

export { announce } from './announcements.js';
export { Button, ButtonLink, IconButton } from './button.js';
export { Choice } from './choice.js';
export { Confirm, Dialog } from './dialog.js';
export { Select, TextArea, TextField } from './field.js';
export { Form, type Values } from './form.js';
export { Icon, type IconName } from './icon.js';
export { FaultNotice, Notice, type Tone } from './notice.js';
export { EmptyState, Facts, More, PageHeader, Section, Table } from './page.js';
export { Tabs } from './tabs.js';
export { Badge, Serial, Time } from './text.js';
export { Skeleton } from './waiting.js';
