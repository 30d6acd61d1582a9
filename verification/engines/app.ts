/* The stack of the story in the chapter that $CHAPTER names. */
import { STORY, synthesize } from '../../demo/story';

const chapter = STORY.find(({ id }) => id === process.env.CHAPTER);
if (!chapter?.declare) { throw new Error(`no chapter "${process.env.CHAPTER}" declares anything`); }
synthesize(chapter.declare);
